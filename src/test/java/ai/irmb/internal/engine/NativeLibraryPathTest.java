package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads a linker configuration below a temporary root. */
@Tag("fast")
class NativeLibraryPathTest {
  @TempDir private Path root = Path.of("");

  @Test
  void followsIncludesInOrderAndKeepsWhatExists() throws IOException {
    put("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n/opt/last # of the file\n");
    put("etc/ld.so.conf.d/b.conf", "/opt/b\n/opt/gone\n");
    put("etc/ld.so.conf.d/a.conf", "# a comment\n/opt/a\ninclude more/*.txt\n");
    put("etc/ld.so.conf.d/more/c.txt", "/opt/c\n");
    put("etc/ld.so.conf.d/d.other", "/opt/d\n");
    for (String folder : new String[] {"opt/a", "opt/b", "opt/c", "opt/d", "opt/last", "lib64"}) {
      Files.createDirectories(root.resolve(folder));
    }
    assertEquals(
        List.of("/opt/a", "/opt/c", "/opt/b", "/opt/last", "/lib64"), NativeLibraryPath.of(root));
  }

  @Test
  void aConfigurationThatIncludesItselfEnds() throws IOException {
    put("etc/ld.so.conf", "include /etc/ld.so.conf\n/opt/a\n");
    Files.createDirectories(root.resolve("opt/a"));
    assertEquals(List.of("/opt/a"), NativeLibraryPath.of(root));
  }

  private void put(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, StandardCharsets.UTF_8);
  }
}
