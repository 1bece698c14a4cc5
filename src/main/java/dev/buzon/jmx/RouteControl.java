package dev.buzon.jmx;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** What can be done with a route. */
public interface RouteControl {

    /** The lineage of the route's last Spark job, for a person. */
    String explain(String route);

    /**
     * Takes a handled file back to its inbox, to be handled anew.
     *
     * @param name of the source, or eight or more of the first digits of its key
     * @return where the source is now
     * @throws IllegalStateException where it is not to be had, with the reason
     */
    Path replay(String route, String name) throws IOException, SQLException;

    /** Takes no further file. */
    void pause(String route) throws Exception;

    void resume(String route) throws Exception;
}
