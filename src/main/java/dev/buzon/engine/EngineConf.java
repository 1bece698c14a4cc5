package dev.buzon.engine;

import dev.buzon.home.SecretFile;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;

/** What Spark is told: our defaults, and over them the settings' {@code spark.} keys. */
final class EngineConf {

    private static final String SECRET_FILE = "buzon.spark.secret-file";
    private static final String JARS = "spark.jars";
    private static final String AUTHENTICATE = "spark.authenticate";

    private EngineConf() {}

    static boolean isLocal(Settings settings) {
        String master = master(settings);
        return master.equals("local") || master.startsWith("local[");
    }

    /** Heard by nobody beyond this machine. */
    static SparkConf local(Settings settings) {
        SparkConf conf = common(settings, null)
                // Each job is broadcast, and goes nowhere.
                .set("spark.broadcast.compress", "false")
                .set("spark.broadcast.checksum", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1");
        return withGiven(settings, conf);
    }

    /**
     * Heard by those who know the secret, and understood by nobody else.
     *
     * @throws SettingsException if there is no secret that a standalone cluster needs, or others may read it, or if this
     *     machine has no address
     */
    static SparkConf cluster(Settings settings) {
        SparkConf conf = common(settings, secret(settings))
                .set("spark.network.crypto.enabled", "true")
                .set("spark.network.crypto.cipher", "AES/GCM/NoPadding")
                .set("spark.network.crypto.authEngineVersion", "2")
                .set("spark.network.crypto.saslFallback", "false")
                .set("spark.io.encryption.enabled", "true")
                // Under LC_ALL=C Java can open no file called factura-ñ.json.
                .set("spark.executorEnv.LC_ALL", "C.UTF-8");
        withGiven(settings, conf);
        if (!conf.contains("spark.driver.host") && !Machine.hasAddress()) {
            throw new SettingsException(List.of("spark.driver.host is missing: the name of this machine has no address,"
                    + " and the cluster has to reach it by one."));
        }
        // Our code, and what it needs of what no Spark brings.
        String jars = jar(EngineConf.class) + "," + jar(CSVFormat.class);
        return conf.set(JARS, conf.contains(JARS) ? jars + "," + conf.get(JARS) : jars);
    }

    private static String master(Settings settings) {
        return settings.withPrefix("spark.").getOrDefault("spark.master", "local[*]");
    }

    private static SparkConf common(Settings settings, String secret) {
        Path temporary = settings.home().temporary();
        return new LoopbackSparkConf(secret)
                .setAppName("buzon")
                .setMaster(master(settings))
                .set("spark.ui.enabled", "false")
                // Whoever can see a page of the machine's loopback address is not whoever may end a job.
                .set("spark.ui.killEnabled", "false")
                .set("spark.ui.showConsoleProgress", "false")
                .set(AUTHENTICATE, "true")
                // A task that runs out of memory or stack fails, and ends no process: in local mode that is the daemon.
                .set("spark.executor.killOnFatalError.depth", "0")
                // For small jobs by the thousand: 4 MB is what Spark makes room for to send one to itself, and it keeps
                // 100,000 tasks to show them.
                .set("spark.broadcast.blockSize", "64k")
                .set("spark.locality.wait", "0s")
                .set("spark.ui.retainedJobs", "100")
                .set("spark.ui.retainedStages", "100")
                .set("spark.ui.retainedTasks", "1000")
                .set("spark.local.dir", temporary.toString())
                .set("spark.sql.warehouse.dir", temporary.resolve("warehouse").toString());
    }

    private static SparkConf withGiven(Settings settings, SparkConf conf) {
        settings.withPrefix("spark.").forEach(conf::set);
        return conf;
    }

    /**
     * The one in the file that the settings name, or else in the environment.
     *
     * @return null where there is none: YARN and Kubernetes make one for each application, and Spark has ways of its own
     *     to be given one
     */
    private static String secret(Settings settings) {
        List<String> problems = new ArrayList<>();
        String secret = SecretFile.secret(settings, SECRET_FILE, SecurityManager.ENV_AUTH_SECRET(), problems);
        if (secret == null && problems.isEmpty() && needsSecret(settings)) {
            problems.add(
                    SECRET_FILE + " is missing: the file, which nobody but its owner may read, with the secret that"
                            + " the Master and the Workers of " + master(settings) + " have as "
                            + SecurityManager.SPARK_AUTH_SECRET_CONF() + ".");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return secret;
    }

    private static boolean needsSecret(Settings settings) {
        Map<String, String> given = settings.withPrefix("spark.");
        return master(settings).startsWith("spark://")
                && Boolean.parseBoolean(given.getOrDefault(AUTHENTICATE, "true"))
                && !given.containsKey(SecurityManager.SPARK_AUTH_SECRET_CONF());
    }

    private static Path jar(Class<?> in) {
        return Path.of(URI.create(
                in.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
}
