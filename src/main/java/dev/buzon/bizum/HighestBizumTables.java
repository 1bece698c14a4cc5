package dev.buzon.bizum;

import dev.buzon.job.JobTables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The table of {@link HighestBizums} in the ledger. */
public final class HighestBizumTables implements JobTables {

    @Override
    public String job() {
        return "highest-bizums";
    }

    @Override
    public List<String> scripts() {
        try (InputStream script = HighestBizumTables.class.getResourceAsStream("highest-bizum-1.sql")) {
            return List.of(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
