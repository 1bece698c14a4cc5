package dev.buzon.monitor;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** MBeans of a service that may be started more than once in a process. */
final class Registration {

    private Registration() {}

    static void replace(MBeanServer server, ObjectName name, Object bean) throws JMException {
        if (server.isRegistered(name)) {
            server.unregisterMBean(name);
        }
        server.registerMBean(bean, name);
    }
}
