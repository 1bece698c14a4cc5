package dev.buzon.delivery;

import dev.buzon.home.RouteSettings;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.simulation.Killed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A batch on its way, as the routes have it: without Camel and Spark, and step by step if that is wanted. */
final class BatchRun {

    private final Lifecycle lifecycle;
    private final RouteSettings route;
    private final Job job;
    private final List<Path> sources;
    private Batch batch;
    private List<InputFile> handed = List.of();
    private List<Outcome> said = List.of();
    private boolean hasAny;
    private boolean hasNew;
    private Step last;
    private Throwable failure;

    /** What handles the files of a batch. */
    @FunctionalInterface
    interface Job {
        List<Outcome> handle(List<InputFile> files) throws Exception;
    }

    BatchRun(Lifecycle lifecycle, RouteSettings route, Job job, List<Path> sources) {
        this.lifecycle = lifecycle;
        this.route = route;
        this.job = job;
        this.sources = sources;
    }

    List<String> sources() {
        return sources.stream().map(path -> path.getFileName().toString()).toList();
    }

    Batch batch() {
        return batch;
    }

    /** What the job was handed. */
    List<String> handed() {
        return handed.stream().map(file -> file.path().getFileName().toString()).toList();
    }

    /** Why the files are to be tried again; null if they are not. */
    Throwable failure() {
        return failure;
    }

    BatchRun toEnd() {
        return through(Step.ARCHIVE);
    }

    /** Goes on until a step is over, or one of them fails. */
    BatchRun through(Step step) {
        for (Step next : Step.values()) {
            boolean isAhead = last == null || next.compareTo(last) > 0;
            if (failure == null && isAhead && next.compareTo(step) <= 0) {
                last = next;
                take(next);
            }
        }
        return this;
    }

    private void take(Step step) {
        try {
            if (step == Step.KEY) {
                batch = lifecycle.claim(route, sources);
                hasAny = !batch.deliveries().isEmpty();
            } else if (hasAny) {
                takeClaimed(step);
            }
        } catch (AssertionError | Killed e) {
            throw e;
        } catch (Exception | Error e) {
            failure = e;
            lifecycle.retry(route, sources, batch, e);
        }
    }

    private void takeClaimed(Step step) throws Exception {
        switch (step) {
            case KNOWN -> {
                lifecycle.recall(batch);
                hasNew = !batch.newOnes().isEmpty();
            }
            case STAGE -> handed = hasNew ? lifecycle.stage(batch) : List.of();
            case COMPUTE -> said = hasNew ? job.handle(handed) : List.of();
            case COMMIT -> {
                if (hasNew) {
                    lifecycle.commit(
                            batch,
                            said,
                            (explanation, to) -> to.write(explanation.toString().getBytes(StandardCharsets.UTF_8)));
                }
            }
            case PUBLISH -> lifecycle.publish(batch);
            case ARCHIVE -> lifecycle.archive(batch);
            default -> throw new IllegalArgumentException(step.label());
        }
    }
}
