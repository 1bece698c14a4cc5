package dev.buzon.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.FreePort;
import dev.buzon.Shell;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What JMX for other machines needs: a keystore and users; and clients of it in processes of their own. */
public final class RemoteJmx {

    /** Of this machine, and not the one that processes of the same user attach to. */
    public static final String HOST = "127.0.0.2";

    private static final String PASSWORD = "of-the-keystore";

    private final Path folder;
    private final int port;

    /**
     * Makes a certificate and two users, {@code viewer} who may read and {@code admin} who may write, with passwords
     * {@code may-read} and {@code may-write}.
     *
     * @param folder of the home
     */
    public RemoteJmx(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        port = FreePort.next();
        write("keystore-password", PASSWORD + "\n");
        write("users", "viewer may-read\nadmin may-write\n");
        write("rights", "viewer readonly\nadmin readwrite\n");
        Shell.run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                "buzon",
                "-keyalg",
                "EC",
                "-dname",
                "CN=buzon",
                "-ext",
                "san=ip:" + HOST,
                "-storetype",
                "PKCS12",
                "-keystore",
                folder.resolve("keystore.p12").toString(),
                "-storepass",
                PASSWORD);
        closeToOthers("keystore.p12");
        trust();
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        closeToOthers(name);
    }

    private void closeToOthers(String name) throws IOException {
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
    }

    /** What clients trust: the certificate without its key. */
    private void trust() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(folder.resolve("keystore.p12").toFile(), PASSWORD.toCharArray());
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("buzon", keys.getCertificate("buzon"));
        try (OutputStream stream = Files.newOutputStream(folder.resolve("trust.p12"))) {
            trust.store(stream, PASSWORD.toCharArray());
        }
    }

    public int port() {
        return port;
    }

    /** The keys with which a service is open to these users. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("buzon.jmx.port", Integer.toString(port));
        settings.put("buzon.jmx.host", HOST);
        settings.put("buzon.jmx.keystore", "keystore.p12");
        settings.put("buzon.jmx.keystore-password-file", "keystore-password");
        settings.put("buzon.jmx.password-file", "users");
        settings.put("buzon.jmx.access-file", "rights");
        return settings;
    }

    /** What a {@link RemoteClient} prints that trusts the certificate. */
    public List<String> client(String... attempts) throws IOException, InterruptedException {
        return run(
                List.of(
                        "-Djavax.net.ssl.trustStore=" + folder.resolve("trust.p12"),
                        "-Djavax.net.ssl.trustStorePassword=" + PASSWORD),
                attempts);
    }

    /** What one prints that trusts nobody but the authorities that the JDK knows. */
    public List<String> clientWithoutTrust(String... attempts) throws IOException, InterruptedException {
        return run(List.of(), attempts);
    }

    private List<String> run(List<String> options, String... attempts) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", "target/test-classes"));
        command.addAll(List.of(RemoteClient.class.getName(), HOST, Integer.toString(port)));
        command.addAll(Arrays.asList(attempts));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output.lines().toList();
    }
}
