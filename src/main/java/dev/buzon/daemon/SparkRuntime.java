package dev.buzon.daemon;

import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import java.io.IOException;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark inside the daemon: local by default, heard by nobody beyond this machine. */
final class SparkRuntime {

    private SparkRuntime() {}

    static SparkSession start(Home home, Settings settings) throws IOException {
        // What a Spark that was killed has left.
        FileUtils.cleanDirectory(home.temporary().toFile());
        SparkConf conf = new SparkConf(false)
                .setAppName("buzon")
                .setMaster("local[*]")
                .set("spark.ui.enabled", "false")
                .set("spark.ui.showConsoleProgress", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.authenticate", "true")
                .set("spark.local.dir", home.temporary().toString())
                .set(
                        "spark.sql.warehouse.dir",
                        home.temporary().resolve("warehouse").toString());
        settings.withPrefix("spark.").forEach(conf::set);
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
