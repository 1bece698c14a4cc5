package dev.buzon.home;

import java.util.List;

/** The configuration, or the home, is not fit to start with: all that is wrong, a line each. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
