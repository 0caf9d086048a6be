package ai.irmb.internal.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that another user could exchange are recognized. */
@Tag("fast")
class PrivateFoldersTest {
  private static final int SOMEBODY_ELSE = 4321;

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void openToOthers() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
    // Real, since the system's temporary folder may be a link; others reach what is in it.
    folder = folder.toRealPath();
    mode(folder, 0755);
  }

  private static Path mode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
    return path;
  }

  private Path directory(String name, int mode) throws IOException {
    return mode(Files.createDirectory(folder.resolve(name)), mode);
  }

  private static void give(Path path) throws IOException {
    assumeTrue(PrivateFolders.user() == 0, "only root gives files away");
    Files.setAttribute(path, "unix:uid", SOMEBODY_ELSE);
  }

  private static void assertRisk(String risk, Path path) throws IOException {
    assertEquals(Optional.of(risk), PrivateFolders.risk(path));
  }

  @Test
  void acceptsFoldersThatOnlyThisUserWrites() throws IOException {
    assertEquals(Optional.empty(), PrivateFolders.risk(directory("mine", 0700)));
    assertEquals(Optional.empty(), PrivateFolders.risk(directory("readable", 0755)));
    directory("sticky", 01777);
    assertEquals(Optional.empty(), PrivateFolders.risk(directory("sticky/mine", 0755)));
  }

  @Test
  void refusesFoldersThatOthersWrite() throws IOException {
    Path all = directory("all", 0777);
    assertRisk("other users may write to " + all + " (mode 777)", all);
    Path sticky = directory("sticky", 01777);
    assertRisk("other users may write to " + sticky + " (mode 1777)", sticky);
    Path file = mode(Files.createFile(folder.resolve("file")), 0666);
    assertRisk("other users may write to " + file + " (mode 666)", file);
  }

  /** With a group of its own for each user, as on Debian and Fedora, files often have mode 664. */
  @Test
  void refusesFoldersThatASharedGroupWrites() throws IOException {
    Path group = directory("group", 0775);
    give(group);
    Files.setAttribute(group, "unix:gid", SOMEBODY_ELSE);
    assertEquals(Optional.empty(), PrivateFolders.risk(group, SOMEBODY_ELSE));
    Files.setAttribute(group, "unix:gid", SOMEBODY_ELSE + 1);
    assertEquals(
        Optional.of("other users may write to " + group + " (mode 775)"),
        PrivateFolders.risk(group, SOMEBODY_ELSE));
  }

  @Test
  void refusesFoldersThatOthersCanReplace() throws IOException {
    Path open = directory("open", 0777);
    assertRisk("other users may write to " + open + " (mode 777)", directory("open/mine", 0700));
  }

  @Test
  void followsLinks() throws IOException {
    Path open = directory("open", 0777);
    Path far = Files.createSymbolicLink(folder.resolve("far"), open);
    Path near = Files.createSymbolicLink(folder.resolve("near"), Path.of("far"));
    assertRisk("other users may write to " + open + " (mode 777)", far);
    assertRisk("other users may write to " + open + " (mode 777)", near);
    directory("closed", 0700);
    Path inside = Files.createSymbolicLink(folder.resolve("closed/link"), open);
    assertRisk("other users may write to " + open + " (mode 777)", inside);
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    IOException e = assertThrows(IOException.class, () -> PrivateFolders.risk(loop));
    assertTrue(e.toString().contains("too many symbolic links"), e.toString());
  }

  @Test
  void acceptsWhatOthersDoNotReach() throws IOException {
    directory("closed", 0700);
    assertEquals(Optional.empty(), PrivateFolders.risk(directory("closed/group", 0775)));
  }

  @Test
  void refusesWhatBelongsToSomebodyElse() throws IOException {
    Path theirs = directory("theirs", 0755);
    give(theirs);
    String risk = theirs + " belongs to another user (uid " + SOMEBODY_ELSE + ")";
    assertRisk(risk, theirs);
    assertRisk(risk, directory("theirs/mine", 0700));
  }

  @Test
  void createsFoldersForThisUserAlone() throws IOException {
    Path made = folder.resolve("a/b");
    PrivateFolders.create(made);
    PrivateFolders.create(made);
    for (Path each : new Path[] {made, folder.resolve("a")}) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
    }
    assertEquals(Files.getAttribute(made, "unix:uid"), PrivateFolders.user());
  }
}
