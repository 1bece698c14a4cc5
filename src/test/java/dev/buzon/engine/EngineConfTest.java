package dev.buzon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.TestHome;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineConfTest {

    @TempDir
    private Path folder;

    private TestHome onACluster() {
        return new TestHome(folder).set("spark.master", "spark://192.0.2.1:7077");
    }

    private String secretFile(String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "hush\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions))
                .toString();
    }

    @Test
    void oneMachineIsHeardOnTheLoopbackAddressAloneAndNeedsNoSecret() {
        TestHome home = new TestHome(folder);

        assertThat(EngineConf.isLocal(home.settings())).isTrue();
        assertThat(EngineConf.isLocal(home.set("spark.master", "local[2]").settings()))
                .isTrue();
        SparkConf conf = EngineConf.local(home.settings());
        assertThat(conf.get("spark.master")).isEqualTo("local[2]");
        assertThat(conf.get("spark.driver.bindAddress")).isEqualTo("127.0.0.1");
    }

    @Test
    void aClusterIsSpokenToInSecret() throws IOException {
        TestHome home = onACluster().set("buzon.spark.secret-file", secretFile("rw-------"));

        assertThat(EngineConf.isLocal(home.settings())).isFalse();
        SparkConf conf = EngineConf.cluster(home.settings());
        assertThat(conf.contains("spark.driver.host")).isFalse();
        assertThat(conf.get("spark.network.crypto.enabled")).isEqualTo("true");
        assertThat(conf.clone().getenv("_SPARK_AUTH_SECRET")).isEqualTo("hush");
        assertThat(Arrays.toString(conf.getAll())).doesNotContain("hush");
    }

    @Test
    void whatTheUserSaysComesFirstAndJarsAreAdded() throws IOException {
        TestHome home = onACluster()
                .set("buzon.spark.secret-file", secretFile("r--------"))
                .set("spark.network.crypto.cipher", "AES/CTR/NoPadding")
                .set("spark.jars", "/opt/more.jar");

        SparkConf conf = EngineConf.cluster(home.settings());

        assertThat(conf.get("spark.network.crypto.cipher")).isEqualTo("AES/CTR/NoPadding");
        assertThat(conf.get("spark.jars")).contains("commons-csv").endsWith(",/opt/more.jar");
    }

    @Test
    void aStandaloneClusterWithoutASecretIsRefused() {
        assertThatThrownBy(() -> EngineConf.cluster(onACluster().settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("buzon.spark.secret-file is missing");
    }

    @Test
    void aSecretThatOthersMayReadIsRefused() throws IOException {
        TestHome home = onACluster().set("buzon.spark.secret-file", secretFile("rw-r-----"));

        assertThatThrownBy(() -> EngineConf.cluster(home.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("chmod 600 closes it");
    }

    @Test
    void otherWaysToGiveASecretNeedNoFile() {
        assertThat(EngineConf.cluster(onACluster()
                                .set("spark.authenticate.secret", "hush")
                                .settings())
                        .get("spark.authenticate.secret"))
                .isEqualTo("hush");
        assertThat(EngineConf.cluster(
                                new TestHome(folder).set("spark.master", "yarn").settings())
                        .contains("spark.authenticate.secret"))
                .isFalse();
    }
}
