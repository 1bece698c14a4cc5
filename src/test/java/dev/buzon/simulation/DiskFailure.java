package dev.buzon.simulation;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;

/** Why a system call is refused. The exceptions are those of the JDK on Linux, without stack traces: many are thrown. */
enum DiskFailure {
    MISSING("No such file or directory"),
    EXISTS("File exists"),
    NO_ACCESS("Permission denied"),
    NOT_PERMITTED("Operation not permitted"),
    NO_FOLDER("Not a directory"),
    /** The same, as it is said if a folder is to be listed. */
    NO_FOLDER_TO_LIST("Not a directory"),
    A_FOLDER("Is a directory"),
    NOT_EMPTY("Directory not empty"),
    /** The same, as it is said if it is to be removed. */
    NOT_EMPTY_TO_DELETE("Directory not empty"),
    TOO_MANY_LINKS("Too many levels of symbolic links"),
    NO_LINK("Not a symbolic link"),
    NAME_TOO_LONG("File name too long"),
    OTHER_DEVICE("Invalid cross-device link"),
    BUSY("Device or resource busy"),
    INVALID("Invalid argument"),
    NO_DEVICE("No such device or address");

    private final String message;

    DiskFailure(String message) {
        this.message = message;
    }

    FileSystemException of(String file) {
        return of(file, null);
    }

    /** @param other the second file; null if there is one alone */
    FileSystemException of(String file, String other) {
        return switch (this) {
            case MISSING -> new Missing(file, other);
            case EXISTS -> new Exists(file, other);
            case NO_ACCESS -> new NoAccess(file, other);
            case NO_FOLDER_TO_LIST -> new NoFolder(file);
            case NOT_EMPTY_TO_DELETE -> new NotEmpty(file);
            case NO_LINK -> new NoLink(file);
            case OTHER_DEVICE -> new AtomicMoveNotSupportedException(file, other, message);
            default -> new Other(file, other, message);
        };
    }

    /** With its stack trace: it has to be understood more often. */
    static FileSystemException of(Fault fault, String file, String other) {
        return fault == Fault.NO_ACCESS
                ? new AccessDeniedException(file, other, null)
                : new FileSystemException(file, other, fault.message());
    }

    /** Of a link that was to be opened without following it. The JDK doesn't say which. */
    static IOException linkNotFollowed() {
        return new LinkNotFollowed(TOO_MANY_LINKS.message + " (NOFOLLOW_LINKS specified)");
    }

    private static final class LinkNotFollowed extends IOException {
        private static final long serialVersionUID = 1L;

        LinkNotFollowed(String message) {
            super(message);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Missing extends NoSuchFileException {
        private static final long serialVersionUID = 1L;

        Missing(String file, String other) {
            super(file, other, null);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Exists extends FileAlreadyExistsException {
        private static final long serialVersionUID = 1L;

        Exists(String file, String other) {
            super(file, other, null);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class NoAccess extends AccessDeniedException {
        private static final long serialVersionUID = 1L;

        NoAccess(String file, String other) {
            super(file, other, null);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class NoFolder extends NotDirectoryException {
        private static final long serialVersionUID = 1L;

        NoFolder(String file) {
            super(file);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class NotEmpty extends DirectoryNotEmptyException {
        private static final long serialVersionUID = 1L;

        NotEmpty(String file) {
            super(file);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class NoLink extends NotLinkException {
        private static final long serialVersionUID = 1L;

        NoLink(String file) {
            super(file);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Other extends FileSystemException {
        private static final long serialVersionUID = 1L;

        Other(String file, String other, String message) {
            super(file, other, message);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
