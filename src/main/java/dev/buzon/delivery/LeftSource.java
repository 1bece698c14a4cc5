package dev.buzon.delivery;

import dev.buzon.intake.FileIdentity;
import java.nio.file.Path;

/** A source that was handled and stays in its inbox, as it was then. */
record LeftSource(Path path, String route, String key, FileIdentity identity) {}
