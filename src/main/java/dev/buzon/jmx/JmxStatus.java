package dev.buzon.jmx;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.buzon.monitor.Json;
import dev.buzon.monitor.ServiceStatus;
import java.io.IOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Reads the metrics of a daemon of the same user by attaching to its process, as JConsole does. */
public final class JmxStatus implements AutoCloseable {

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
            throw new IOException(e);
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
