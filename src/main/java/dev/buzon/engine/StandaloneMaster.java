package dev.buzon.engine;

import dev.buzon.home.SettingsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.DeployMessages;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.master.ApplicationInfo;
import org.apache.spark.deploy.master.RecoveryState;
import org.apache.spark.internal.config.package$;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The Master of a standalone cluster, asked as its own page asks it, beside the session: a session tries for a minute to
 * reach one that isn't there, and never learns of one that has come back and knows it no more.
 */
final class StandaloneMaster implements AutoCloseable {

    private static final String SCHEME = "spark://";
    private static final ClassTag<MasterStateResponse> STATE = ClassTag$.MODULE$.apply(MasterStateResponse.class);

    private final String url;
    private final RpcEnv rpc;
    private final TransportContext transport;
    private final TransportClientFactory clients;

    private StandaloneMaster(String url, SparkConf conf) {
        this.url = url;
        SparkConf patient = conf.clone().set("spark.rpc.askTimeout", "10s").set("spark.rpc.lookupTimeout", "10s");
        SecurityManager security = new SecurityManager(patient, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE());
        // It listens nowhere.
        rpc = RpcEnv.create("buzon", "127.0.0.1", 0, patient, security, true);
        TransportConf settings = SparkTransportConf.fromSparkConf(patient, "rpc", 1, Option.empty(), Option.empty());
        transport = new TransportContext(settings, new NoOpRpcHandler());
        clients = transport.createClientFactory(
                security.isAuthenticationEnabled()
                        ? List.of(new AuthClientBootstrap(settings, security.getSaslUser(), security))
                        : List.of());
    }

    /** Empty where the master that Spark is told is no standalone one. */
    static Optional<StandaloneMaster> of(SparkConf conf) {
        String url = conf.get("spark.master");
        return url.startsWith(SCHEME) ? Optional.of(new StandaloneMaster(url, conf)) : Optional.empty();
    }

    /**
     * What the one that leads says.
     *
     * @param workers how many are alive
     * @param applications the ids of those that it knows
     */
    record State(int workers, Set<String> applications) {}

    /**
     * Asks each of those that the URL names, until one that leads answers.
     *
     * @throws UnreachableException where none does, with the reason of each
     * @throws SettingsException where one doesn't take the secret
     */
    State state() throws UnreachableException {
        List<String> reasons = new ArrayList<>();
        for (String address : url.substring(SCHEME.length()).split(",")) {
            try {
                RpcAddress at = RpcAddress.fromSparkURL(SCHEME + address);
                // Of what goes wrong here the RPC may keep no more than that its way was closed.
                clients.createClient(at.host(), at.port());
                MasterStateResponse answer =
                        rpc.setupEndpointRef(at, "Master").askSync(DeployMessages.RequestMasterState$.MODULE$, STATE);
                if (answer.status().equals(RecoveryState.ALIVE())) {
                    return state(answer);
                }
                reasons.add("the one at " + address + " is " + answer.status());
            } catch (Exception e) {
                String reason = ExceptionUtils.getRootCauseMessage(e);
                if (reason.contains("Authentication failed")) {
                    throw new SettingsException(List.of("The Master at " + address + " refuses the secret, or what else"
                            + " it expects of spark.authenticate and spark.network.crypto differs from what is set"
                            + " here."));
                }
                reasons.add(address + ": " + reason);
            }
        }
        throw new UnreachableException("Spark's Master can't be reached: " + String.join("; ", reasons) + ".");
    }

    private static State state(MasterStateResponse answer) {
        return new State(
                (int) Arrays.stream(answer.workers())
                        .filter(worker -> worker.isAlive())
                        .count(),
                Arrays.stream(answer.activeApps()).map(ApplicationInfo::id).collect(Collectors.toSet()));
    }

    @Override
    public void close() {
        clients.close();
        transport.close();
        rpc.shutdown();
    }

    static final class UnreachableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreachableException(String message) {
            super(message);
        }
    }
}
