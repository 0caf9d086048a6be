package ai.irmb.internal.platform;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * Folders for native libraries: whoever may write there, or replace a folder above, can run code in
 * this process. Without POSIX permissions (Windows) every folder is accepted.
 */
public final class PrivateFolders {
  private static final boolean IS_POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
  private static final Path STATUS = Path.of("/proc/self/status");

  // The bits of st_mode.
  private static final int TYPE = 0170000;
  private static final int SYMBOLIC_LINK = 0120000;
  private static final int PERMISSIONS = 07777;
  private static final int STICKY = 01000;
  private static final int GROUP_AND_OTHERS = 077;
  private static final int GROUP_WRITE = 020;
  private static final int OTHERS_WRITE = 02;

  private static final int ROOT = 0;

  /** The kernel shows this owner where the real one is outside of a user namespace. */
  private static final int UNMAPPED_USER = 65534;

  /** Linux's own limit. */
  private static final int MAX_LINKS = 40;

  private PrivateFolders() {}

  /**
   * Creates a folder, and those above that are missing, for this user alone.
   *
   * @throws IOException if the file system fails
   */
  public static void create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (IS_POSIX) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  /**
   * {@return a folder of this user in the temporary folder: the name, and the user's number}
   *
   * @throws IOException if the file system fails
   */
  public static Path inTemporaryFolder(String name) throws IOException {
    return Path.of(System.getProperty("java.io.tmpdir"), name + "-" + user());
  }

  /** {@return the number of this process's user; 0 without POSIX} */
  public static int user() throws IOException {
    if (!IS_POSIX) {
      return 0;
    }
    if (Files.isReadable(STATUS)) {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("Uid:")) {
          // real, effective, saved, file system
          return Integer.parseInt(line.split("\\s+", -1)[2]);
        }
      }
    }
    Path probe = Files.createTempFile("irmb", null);
    try {
      return Access.of(probe).owner();
    } finally {
      Files.delete(probe);
    }
  }

  /**
   * {@return why another user could exchange a file or the contents of a folder, or nothing}
   *
   * <p>Root and this user are trusted. A folder above may be writable only if it is sticky, as
   * {@code /tmp} is; symbolic links are followed.
   *
   * @param path of something that exists
   * @throws IOException if the file system fails
   */
  public static Optional<String> risk(Path path) throws IOException {
    return IS_POSIX ? risk(path, user()) : Optional.empty();
  }

  static Optional<String> risk(Path path, int user) throws IOException {
    return risk(path.toAbsolutePath(), user, 0);
  }

  private static Optional<String> risk(Path path, int user, int links) throws IOException {
    if (links > MAX_LINKS) {
      throw new IOException(path + ": too many symbolic links");
    }
    boolean isShared = false;
    boolean isClosed = false;
    for (int i = 0; i <= path.getNameCount(); i++) {
      Path each = i == 0 ? path.getRoot() : path.getRoot().resolve(path.subpath(0, i));
      boolean isLast = i == path.getNameCount();
      Access access = Access.of(each);
      int owner = access.owner();
      int mode = access.mode();
      boolean isLink = (mode & TYPE) == SYMBOLIC_LINK;
      boolean mayBeUnmapped = !isLast && !isLink && !isShared;
      boolean isTrusted =
          owner == user || owner == ROOT || (owner == UNMAPPED_USER && mayBeUnmapped);
      if (!isTrusted && !isClosed) {
        return Optional.of(each + " belongs to another user (uid " + owner + ")");
      }
      if (isLink) {
        Path target = each.resolveSibling(Files.readSymbolicLink(each));
        Path rest = isLast ? Path.of("") : path.subpath(i, path.getNameCount());
        return risk(target.resolve(rest), user, links + 1);
      }
      isShared = (mode & OTHERS_WRITE) != 0;
      boolean isWritable =
          isLast
              ? isShared || ((mode & GROUP_WRITE) != 0 && !access.hasPrivateGroup())
              : isShared && (mode & STICKY) == 0;
      if (isWritable && !isClosed) {
        String octal = Integer.toOctalString(mode & PERMISSIONS);
        return Optional.of("other users may write to " + each + " (mode " + octal + ")");
      }
      // Others do not reach what is in a folder that is closed to them, except through a link.
      isClosed |= owner == user && (mode & GROUP_AND_OTHERS) == 0;
    }
    return Optional.empty();
  }

  /**
   * The numbers of a file's owner and group, and its type and permissions as the system has them.
   */
  private record Access(int owner, int group, int mode) {
    static Access of(Path path) throws IOException {
      Map<String, Object> all =
          Files.readAttributes(path, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
      if (all.get("uid") instanceof Integer owner
          && all.get("gid") instanceof Integer group
          && all.get("mode") instanceof Integer mode) {
        return new Access(owner, group, mode);
      }
      throw new IOException(path + ": its owner and permissions are not known");
    }

    /**
     * {@return whether the group is the one that many systems make for a user alone, with the
     * user's number; files are writable for it there}
     */
    boolean hasPrivateGroup() {
      return group == owner && owner != ROOT;
    }
  }
}
