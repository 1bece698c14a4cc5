package dev.buzon.home;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which folders routes may share, and which of a route's own may be the same. */
final class FolderRules {

    private final Function<Path, Object> identity;
    private final List<String> problems = new ArrayList<>();

    private FolderRules(Function<Path, Object> identity) {
        this.identity = identity;
    }

    /**
     * Returns what is wrong, a sentence each.
     *
     * @param identity equal for paths that lead to one folder
     */
    static List<String> problems(Collection<RouteSettings> routes, Function<Path, Object> identity) {
        FolderRules rules = new FolderRules(identity);
        routes.forEach(rules::checkOwn);
        rules.checkShared(routes);
        return rules.problems;
    }

    private void checkOwn(RouteSettings route) {
        List<Path> all = route.folders();
        if (all.subList(1, all.size()).stream().anyMatch(folder -> isSame(folder, route.inbox()))) {
            problems.add("The inbox " + route.inbox() + " of " + route.id() + " is where it puts files, too.");
        }
        Map<String, Path> others = new LinkedHashMap<>();
        others.put("archive", route.archive());
        others.put("folder for duplicates", route.duplicates());
        others.put("folder for rejected files", route.rejected());
        others.forEach((name, folder) -> {
            if (isSame(folder, route.outbox())) {
                problems.add("The outbox " + route.outbox() + " of " + route.id() + " is its " + name
                        + ", too: give each a folder of its own.");
            }
        });
    }

    /** The inbox of one may be the outbox of another: what that one makes is handled next. */
    private void checkShared(Collection<RouteSettings> routes) {
        Map<Object, String> inboxes = new HashMap<>();
        Map<Object, String> written = new HashMap<>();
        for (RouteSettings route : routes) {
            checkShared(inboxes, route, "inbox", route.inbox());
            checkShared(written, route, "outbox", route.outbox());
            if (!isSame(route.outbox(), route.rejected())) {
                checkShared(written, route, "folder for rejected files", route.rejected());
            }
        }
    }

    private void checkShared(Map<Object, String> taken, RouteSettings route, String kind, Path folder) {
        String mine = kind + " of " + route.id();
        String other = taken.putIfAbsent(identity.apply(folder), mine);
        if (other != null) {
            String otherRoute = other.substring((other.lastIndexOf(' ') + 1));
            problems.add(
                    other.startsWith(kind)
                            ? "Routes " + otherRoute + " and " + route.id() + " have the same " + kind + " " + folder
                                    + "."
                            : "The " + other + " and the " + mine + " are the same: " + folder + ".");
        }
    }

    private boolean isSame(Path folder, Path other) {
        return identity.apply(folder).equals(identity.apply(other));
    }
}
