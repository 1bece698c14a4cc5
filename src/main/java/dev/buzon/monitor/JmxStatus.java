package dev.buzon.monitor;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Reads the metrics of a daemon of the same user by attaching to its process, as JConsole does. */
public final class JmxStatus {

    private JmxStatus() {}

    /** @throws IOException where the process is gone or doesn't answer */
    public static ServiceStatus read(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            String address;
            try {
                address = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
                return read(connector.getMBeanServerConnection());
            }
        } catch (AttachNotSupportedException | JMException e) {
            throw new IOException(e);
        }
    }

    /** What an MBean server shows. */
    public static ServiceStatus read(MBeanServerConnection server) throws IOException, JMException {
        List<RouteStatus> routes = new ArrayList<>();
        for (ObjectName name :
                server.queryNames(new ObjectName("org.apache.camel:context=buzon,type=routes,*"), null)) {
            String route = (String) server.getAttribute(name, "RouteId");
            ObjectName progress = RouteProgress.objectName(route);
            routes.add(new RouteStatus(
                    route,
                    (String) server.getAttribute(name, "State"),
                    number(server, name, "ExchangesCompleted"),
                    number(server, name, "ExchangesFailed"),
                    number(server, name, "ExchangesInflight"),
                    number(server, name, "MeanProcessingTime"),
                    number(server, name, "LastProcessingTime"),
                    number(server, name, "MaxProcessingTime"),
                    server.isRegistered(progress) ? (String) server.getAttribute(progress, "LastFile") : null));
        }
        routes.sort(Comparator.comparing(RouteStatus::route));
        ObjectName health = Health.objectName();
        return new ServiceStatus(
                (String) server.getAttribute(health, "State"),
                List.of((String[]) server.getAttribute(health, "Reasons")),
                routes);
    }

    private static long number(MBeanServerConnection server, ObjectName name, String attribute)
            throws IOException, JMException {
        return ((Number) server.getAttribute(name, attribute)).longValue();
    }
}
