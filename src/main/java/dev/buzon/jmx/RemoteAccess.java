package dev.buzon.jmx;

import dev.buzon.home.FileFailure;
import dev.buzon.home.SecretFile;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Where, with which certificate and for which users JMX is open to other machines.
 *
 * @param host as clients write it
 * @param address where it listens
 * @param tls with the key of the server
 * @param passwords file in the JDK's format
 * @param rights file in the JDK's format
 */
public record RemoteAccess(String host, InetAddress address, int port, SSLContext tls, Path passwords, Path rights) {

    /**
     * Reads and checks what the settings name.
     *
     * @return empty where JMX isn't open to other machines
     * @throws SettingsException with all that is missing, can't be read, or is open to others than its owner
     */
    public static Optional<RemoteAccess> read(Settings settings) {
        int port = Integer.parseInt(settings.get("buzon.jmx.port"));
        if (port == 0) {
            return Optional.empty();
        }
        List<String> problems = new ArrayList<>();
        InetAddress address = address(settings, problems);
        Path keystore = SecretFile.named(settings, "buzon.jmx.keystore", true, problems);
        Path keystorePassword = SecretFile.named(settings, "buzon.jmx.keystore-password-file", true, problems);
        Path passwords = SecretFile.named(settings, "buzon.jmx.password-file", true, problems);
        Path rights = SecretFile.named(settings, "buzon.jmx.access-file", false, problems);
        SSLContext tls =
                keystore == null || keystorePassword == null ? null : tls(keystore, keystorePassword, problems);
        if (!problems.isEmpty()) {
            problems.add("With buzon.jmx.port=" + port + " JMX is open to other machines: all of this has to be right."
                    + " buzon.jmx.port=0 closes it.");
            throw new SettingsException(problems);
        }
        return Optional.of(new RemoteAccess(settings.get("buzon.jmx.host"), address, port, tls, passwords, rights));
    }

    private static InetAddress address(Settings settings, List<String> problems) {
        String key = "buzon.jmx.host";
        String host = settings.get(key);
        if (host.isEmpty()) {
            problems.add(key + " is missing: the name or the address that clients connect to.");
            return null;
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress()) {
                problems.add(key + "=" + host + ": one address is expected, or its name: clients connect to it.");
            }
            return address;
        } catch (UnknownHostException e) {
            problems.add(key + "=" + host + ": no address has this name.");
            return null;
        }
    }

    private static SSLContext tls(Path keystore, Path passwordFile, List<String> problems) {
        try (InputStream stream = Files.newInputStream(keystore)) {
            char[] password = SecretFile.secretIn(passwordFile).toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(stream, password);
            boolean hasKey = false;
            for (String alias : Collections.list(keys.aliases())) {
                hasKey |= keys.isKeyEntry(alias) && keys.getCertificate(alias) != null;
            }
            if (!hasKey) {
                problems.add("buzon.jmx.keystore: " + keystore + " holds no key with a certificate.");
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            problems.add("buzon.jmx.keystore: " + keystore + " can't be opened with the password in " + passwordFile
                    + ": " + FileFailure.inWords(e));
            return null;
        }
    }
}
