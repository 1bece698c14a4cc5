package dev.buzon.home;

import java.io.IOException;

/** Thrown if something stands in the place of a folder of the service's that the service did not make. */
public final class ForeignFolderException extends IOException {

    private static final long serialVersionUID = 1L;

    public ForeignFolderException(String message) {
        super(message);
    }
}
