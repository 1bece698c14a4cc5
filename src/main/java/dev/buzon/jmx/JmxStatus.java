package dev.buzon.jmx;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.buzon.monitor.Json;
import dev.buzon.monitor.ServiceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Reads the metrics of a daemon of the same user by attaching to its process, as JConsole does. */
public final class JmxStatus implements AutoCloseable {

    /** Where a JVM listens to those who attach, whatever folder it is given for temporary files. */
    private static final Path SOCKETS = Path.of("/tmp");

    private final JMXConnector connector;

    /** @throws IOException where the process is gone or doesn't answer */
    public JmxStatus(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            String address;
            try {
                address = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
            connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
        } catch (AttachNotSupportedException e) {
            throw new IOException(
                    Files.isWritable(SOCKETS)
                            ? e.getMessage()
                            : "a JVM is asked through " + SOCKETS
                                    + ", which can't be written to. The page's /api/status" + " says the same.",
                    e);
        }
    }

    /** @throws IOException where the process is gone or doesn't answer */
    public ServiceStatus read() throws IOException {
        return read(connector.getMBeanServerConnection());
    }

    /** What an MBean server shows. */
    public static ServiceStatus read(MBeanServerConnection server) throws IOException {
        try {
            return Json.read((String) server.getAttribute(Beans.name("type=Service"), "Status"), ServiceStatus.class);
        } catch (JMException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
