package dev.buzon.daemon;

import dev.buzon.database.Lease;
import dev.buzon.delivery.Replay;
import dev.buzon.jmx.RouteControl;
import dev.buzon.spark.SparkComponent;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** The routes of a Camel context that may not have started yet. */
record CamelRoutes(Supplier<CamelContext> camel, Replay replay, Lease lease) implements RouteControl {

    @Override
    public String explain(String route) {
        return context().getComponent("spark", SparkComponent.class).explain(route);
    }

    @Override
    public Path replay(String route, String name) throws IOException, SQLException {
        expectWork();
        return replay.replay(route, name).now();
    }

    @Override
    public void pause(String route) throws Exception {
        expectWork();
        context().getRouteController().suspendRoute(route);
    }

    @Override
    public void resume(String route) throws Exception {
        expectWork();
        context().getRouteController().resumeRoute(route);
    }

    private void expectWork() {
        if (!lease.isHeld()) {
            throw new IllegalStateException("This daemon stands by: " + lease.holder() + " works.");
        }
    }

    private CamelContext context() {
        CamelContext context = camel.get();
        if (context == null || !context.isStarted()) {
            throw new IllegalStateException("Buzón is starting, or stopping.");
        }
        return context;
    }
}
