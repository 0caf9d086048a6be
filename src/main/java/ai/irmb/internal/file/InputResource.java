package ai.irmb.internal.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Bytes with a name that are no file on disk: a resource on the class path, a path of another file
 * system such as a zip, or a stream of the caller's.
 *
 * @param name what messages call it
 */
public record InputResource(String name, Opener opener) {
  private static final String CLASS_PATH = "classpath:";

  /** Opens the bytes. */
  @FunctionalInterface
  public interface Opener {
    /** {@return the bytes, for the caller to close} */
    InputStream open() throws IOException;
  }

  /** {@return whether a text names a resource on the class path: {@code classpath:best.pt}} */
  public static boolean isOnClassPath(String text) {
    return text.startsWith(CLASS_PATH);
  }

  /**
   * {@return a resource on the class path: of the thread's context class loader or, if it does not
   * have it, of this library's}
   *
   * @param text {@code classpath:} and the name; a slash before the name is ignored
   */
  public static InputResource onClassPath(String text) {
    String name = text.substring(CLASS_PATH.length()).replaceFirst("^/+", "");
    return new InputResource(text, () -> openOnClassPath(text, name));
  }

  private static InputStream openOnClassPath(String text, String name) throws IOException {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    InputStream in = context == null ? null : context.getResourceAsStream(name);
    if (in == null) {
      in = InputResource.class.getClassLoader().getResourceAsStream(name);
    }
    if (in == null) {
      throw new FileSystemException(text, null, "there is no such resource on the class path");
    }
    return in;
  }

  /** {@return a file of a file system such as a zip, or null if it is a file on disk} */
  public static @Nullable InputResource unlessOnDisk(Path file) {
    if (file.getFileSystem().equals(FileSystems.getDefault())) {
      return null;
    }
    return new InputResource(file.toString(), () -> Files.newInputStream(file));
  }

  /** {@return a stream of the caller's, which is read once and stays open} */
  public static InputResource of(InputStream stream, String name) {
    AtomicBoolean taken = new AtomicBoolean();
    return new InputResource(
        name,
        () -> {
          if (taken.getAndSet(true)) {
            throw new IOException("the stream was read before; it can be read once");
          }
          return new OpenStream(stream);
        });
  }

  /** A stream that its reader does not close. */
  private static final class OpenStream extends FilterInputStream {
    OpenStream(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
