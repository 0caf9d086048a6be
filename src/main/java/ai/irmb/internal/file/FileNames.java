package ai.irmb.internal.file;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Conversion between file names and text that also works in a locale without the characters, such
 * as {@code LC_ALL=C}. There the JDK refuses names outside ASCII; file systems contain them in
 * UTF-8 all the same, and a path from a URI has the bytes of the URI.
 */
public final class FileNames {
  private static final char UNKNOWN = '\ufffd';

  private FileNames() {}

  /**
   * {@return the path of a text}
   *
   * @throws InvalidPathException if no file can have this name, or the locale has already replaced
   *     characters of it
   */
  public static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      Path root = Path.of("").toAbsolutePath().getRoot();
      boolean isUnix = root != null && root.toString().equals("/");
      if (!isUnix || text.indexOf('\0') >= 0 || text.indexOf(UNKNOWN) >= 0) {
        throw e;
      }
      StringBuilder uri = new StringBuilder("file:///");
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        uri.append(b == '/' ? "/" : String.format("%%%02x", b & 0xff));
      }
      Path absolute = Path.of(URI.create(uri.toString()));
      return text.startsWith("/") ? absolute : root.relativize(absolute);
    }
  }

  /** {@return the path of a file in a folder} */
  public static Path in(Path folder, String name) {
    return folder.resolve(path(name));
  }

  /** {@return the last name of a path, or the path if it has none} */
  public static String lastName(Path path) {
    Path name = path.getFileName();
    return text(name == null ? path : name);
  }

  /** {@return the text of a path, which {@link #path} converts back} */
  public static String text(Path path) {
    String text = path.toString();
    Path root = path.toAbsolutePath().getRoot();
    if (text.indexOf(UNKNOWN) < 0 || root == null || !root.toString().equals("/")) {
      return text;
    }
    String raw = root.resolve(path).toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = path.isAbsolute() ? 0 : 1; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    String decoded = bytes.toString(StandardCharsets.UTF_8);
    return decoded.length() > 1 && decoded.endsWith("/")
        ? decoded.substring(0, decoded.length() - 1)
        : decoded;
  }
}
