package dev.buzon.jmx;

import dev.buzon.delivery.DeliveryListener;
import dev.buzon.monitor.Json;
import dev.buzon.monitor.Monitor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;
import javax.management.StandardEmitterMBean;
import javax.management.StandardMBean;

/** The MBeans of the service, beside Camel's own. */
public final class Beans implements AutoCloseable {

    private static final String DOMAIN = "dev.buzon";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final List<ObjectName> registered = new ArrayList<>();

    /**
     * Registers all of them, in place of those of a service that was in this process before.
     *
     * @param listen takes what is to be told of files
     */
    public Beans(Monitor monitor, RouteControl control, Consumer<DeliveryListener> listen) throws JMException {
        for (String route : monitor.routes()) {
            ObjectName name = name("type=Route,name=" + route);
            RouteBean bean = new RouteBean(name, route, monitor, control);
            listen.accept(bean);
            register(name, emitting(bean, RouteMBean.class));
        }
        ObjectName health = name("type=Health");
        register(health, emitting(new HealthBean(health, monitor.health()), HealthMBean.class));
        register(name("type=Ledger"), new StandardMBean(new LedgerBean(monitor), LedgerMBean.class));
        ServiceMBean service = () -> Json.write(monitor.status());
        register(name("type=Service"), new StandardMBean(service, ServiceMBean.class));
    }

    static ObjectName name(String properties) throws JMException {
        return new ObjectName(DOMAIN + ":" + properties);
    }

    private static <T> StandardMBean emitting(T bean, Class<T> type) {
        return new StandardEmitterMBean(bean, type, (NotificationEmitter) bean);
    }

    private void register(ObjectName name, StandardMBean bean) throws JMException {
        if (server.isRegistered(name)) {
            server.unregisterMBean(name);
        }
        server.registerMBean(bean, name);
        registered.add(name);
    }

    @Override
    public void close() throws JMException {
        for (ObjectName name : registered) {
            server.unregisterMBean(name);
        }
    }
}
