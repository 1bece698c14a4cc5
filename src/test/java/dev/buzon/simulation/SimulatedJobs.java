package dev.buzon.simulation;

import dev.buzon.bizum.RaisedBizums;
import dev.buzon.intake.RegularFile;
import dev.buzon.job.BadRecords;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The jobs of the simulated routes: one writes lines in capitals, the other raises the highest bizums. */
final class SimulatedJobs {

    private final SimulatedDisk disk;

    SimulatedJobs(SimulatedDisk disk) {
        this.disk = disk;
    }

    List<Outcome> handle(List<InputFile> files) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (InputFile file : files) {
            outcomes.add(handle(file));
        }
        return outcomes;
    }

    private Outcome handle(InputFile file) throws IOException {
        String text;
        try (InputStream in = RegularFile.stream(disk.path(file.path().toString()))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (text.startsWith("unreadable")) {
            return Outcome.unreadable(text.strip());
        }
        List<String> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        text.lines().forEach(line -> (Content.isBad(file.route(), line) ? bad : good).add(line));
        BadRecords.Summary summary =
                bad.isEmpty() ? BadRecords.Summary.NONE : new BadRecords.Summary(bad.size(), null, 1, "it is bad");
        if (!bad.isEmpty()) {
            Path records = disk.path(file.stagedBadRecords().toString());
            if (Files.notExists(records.getParent())) {
                Files.createDirectory(records.getParent());
            }
            Files.writeString(records, String.join("\n", bad) + "\n");
        }
        Tally records = new Tally(good.size(), "record", "records");
        if (file.route().equals("bizums")) {
            RaisedBizums raised = new RaisedBizums();
            for (String line : good) {
                String[] cells = line.split(";");
                raised.add(cells[0], 100 * Long.parseLong(cells[1]), cells[2]);
            }
            return Outcome.inLedger(records, "new highest", "new highest", raised.raise(file.route()))
                    .withBadRecords(summary);
        }
        if (!good.isEmpty()) {
            Files.writeString(disk.path(file.stagedResult(".txt").toString()), Content.resultOf(good));
        }
        return Outcome.handled(records, new Tally(good.size(), "capital", "capitals"))
                .withBadRecords(summary);
    }
}
