package dev.buzon.ledger;

import dev.buzon.intake.FileIdentity;
import java.nio.file.Path;

/** A source that was handled and stays in its inbox, as it was then. */
public record LeftSource(Path path, String route, String key, FileIdentity identity) {}
