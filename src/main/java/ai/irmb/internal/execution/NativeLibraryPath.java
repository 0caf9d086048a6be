package ai.irmb.internal.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The folders in which Linux looks for libraries. JNA, with which DJL looks for CUDA, would ask a
 * process of its own, {@code ldconfig}, for them; this library starts none.
 */
final class NativeLibraryPath {
  private static final String PROPERTY = "jna.platform.library.path";
  private static final int DEEPEST = 8;

  private NativeLibraryPath() {}

  /** Tells JNA the folders, unless the application did. */
  static void tellJna() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (os.startsWith("linux") && System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, String.join(":", of(Path.of("/"))));
    }
  }

  /**
   * {@return the folders that exist: those of the linker's configuration, then those it knows by
   * itself}
   *
   * @param root of the file system
   */
  static List<String> of(Path root) {
    Set<String> folders = new LinkedHashSet<>();
    read(root, root.resolve("etc/ld.so.conf"), folders, 0);
    for (String system : new String[] {"usr/lib64", "lib64", "usr/lib", "lib"}) {
      folders.add("/" + system);
    }
    List<String> present = new ArrayList<>();
    for (String folder : folders) {
      if (folder.indexOf(':') < 0 && Files.isDirectory(root.resolve(folder.substring(1)))) {
        present.add(folder);
      }
    }
    return present;
  }

  private static void read(Path root, Path file, Set<String> folders, int depth) {
    if (depth > DEEPEST || !Files.isReadable(file)) {
      return;
    }
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        int comment = line.indexOf('#');
        String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
        if (entry.startsWith("include ")) {
          String pattern = entry.substring("include ".length()).strip();
          for (Path included : matching(root, file, pattern)) {
            read(root, included, folders, depth + 1);
          }
        } else if (entry.startsWith("/")) {
          folders.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // What cannot be read is not searched; ldconfig does the same.
      return;
    }
  }

  private static Set<Path> matching(Path root, Path file, String pattern) throws IOException {
    Path target =
        pattern.startsWith("/") ? root.resolve(pattern.substring(1)) : file.resolveSibling(pattern);
    Path folder = target.getParent();
    Set<Path> found = new TreeSet<>();
    if (folder == null || !Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, String.valueOf(target.getFileName()))) {
      files.forEach(found::add);
    }
    return found;
  }
}
