package ai.irmb.internal.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Failures of the file system in plain words. */
public final class FileErrors {
  private FileErrors() {}

  /** {@return the reason why a file cannot be read or written, without its name} */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return isLink(missing.getFile())
          ? "a link to a file that is not there"
          : "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (e instanceof NotDirectoryException) {
      return "this is no folder";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file of this name is in the way";
    }
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : "cannot read or write: " + e.getMessage();
  }

  /** {@return the reason why a file was not written} */
  public static String writeReason(IOException e) {
    return e instanceof NoSuchFileException ? "there is no folder for it" : reason(e);
  }

  private static boolean isLink(String file) {
    try {
      return Files.isSymbolicLink(Path.of(file));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
