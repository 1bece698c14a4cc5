package dev.buzon.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.util.Utils$;

/** What Spark takes for granted of a machine, and not every machine has. */
final class Machine {

    private static final String NAMELESS = "?";

    private Machine() {}

    /** Gives Spark a name for a user whose number has none, and an address for a host whose name doesn't resolve. */
    static void prepare() {
        if (NAMELESS.equals(System.getProperty("user.name"))) {
            UserGroupInformation.setLoginUser(
                    UserGroupInformation.createRemoteUser(System.getenv().getOrDefault("HADOOP_USER_NAME", "buzon")));
        }
        if (!hasAddress()) {
            Utils$.MODULE$.setCustomHostname("127.0.0.1");
        }
    }

    /** Whether the name of the host stands for an address, or the environment gives it another one that does. */
    static boolean hasAddress() {
        if (System.getenv("SPARK_LOCAL_HOSTNAME") != null) {
            return true;
        }
        try {
            InetAddress.getLocalHost();
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
