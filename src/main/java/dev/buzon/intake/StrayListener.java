package dev.buzon.intake;

import dev.buzon.home.RouteSettings;

/** Hears of what no consumer can take. */
public interface StrayListener {

    /** Something in an inbox is no file to be taken; said once. */
    void leftAlone(String route, String name, String kind);

    /** A file that Camel could not name was given this name. */
    void renamed(String route, String name);

    /** A source has a name that begins with {@link Strays#ASIDE}, and nobody goes on with it. */
    void leftAside(RouteSettings route);
}
