package dev.buzon.engine;

import dev.buzon.home.Disk;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import dev.buzon.spark.SessionSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The Spark that the routes' jobs run on. Thread-safe. */
public interface Engine extends SessionSource, AutoCloseable {

    /**
     * Begins to start the one that the settings name, beside the caller.
     *
     * @throws SettingsException where the cluster that they name asks for more than they give
     */
    static Engine start(Settings settings) throws IOException {
        Machine.prepare();
        // What a Spark that was killed has left.
        Disk.empty(settings.home().temporary());
        return EngineConf.isLocal(settings)
                ? new LocalEngine(EngineConf.local(settings), settings)
                : new ClusterEngine(EngineConf.cluster(settings), settings);
    }

    /**
     * Waits until jobs can run, or it is plain that files have to wait for what is wrong meanwhile. Staging folders are
     * not cleared any more.
     *
     * @throws SettingsException where no waiting mends it
     */
    void awaitStart();

    /** A folder that all machines share, for links to the files of jobs; empty if the JVM's for temporary files will do. */
    Optional<Path> linkFolder();

    /** What is wrong with it, a sentence each; empty where nothing is. */
    List<String> problems();

    /** Before the routes stop: ends jobs that can't come to their end. */
    void prepareStop();

    @Override
    void close();
}
