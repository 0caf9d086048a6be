package ai.irmb.internal.engine;

import ai.djl.util.Utils;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.platform.PrivateFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that DJL unpacks its natives into. Before anything is loaded from there, it must be
 * out of the reach of other users, and its libraries must be as long as those in the jars: the JVM
 * crashes on a library that was cut short.
 */
final class NativeCache {
  private static final Logger LOG = LoggerFactory.getLogger(NativeCache.class);

  private NativeCache() {}

  /**
   * Chooses, creates and checks the folder. A failure of the file system is left to DJL, which
   * reports it when it needs the folder.
   *
   * @throws InferenceException if another user could exchange the natives, or if a library was cut
   *     short and cannot be replaced
   */
  static void prepare(BundledNatives natives) {
    try {
      chooseFolder();
      Path root = Utils.getEngineCacheDir();
      Path versions = root.resolve("pytorch");
      createFolder(versions);
      checkAccess(root);
      checkAccess(versions);
      for (BundledNatives.Unpacked version : natives.unpacked(versions)) {
        checkAccess(version.folder());
        for (Path file : filesIn(version.folder())) {
          checkAccess(file);
        }
        removeDamaged(version, natives);
      }
      // Last, since no failure of it may leave out the checks above.
      chooseJnaFolder(root);
    } catch (IOException e) {
      LOG.debug("DJL reports what is wrong with the cache folder", e);
    }
  }

  /**
   * Without a writable home DJL would take {@code .djl.ai} in the temporary folder, where anybody
   * may have put one.
   */
  private static void chooseFolder() throws IOException {
    boolean isConfigured =
        isSet(Utils.getEnvOrSystemProperty("ENGINE_CACHE_DIR"))
            || isSet(Utils.getEnvOrSystemProperty("DJL_CACHE_DIR"));
    if (!isConfigured && !Files.isWritable(Path.of(System.getProperty("user.home")))) {
      EngineProperties.presetCacheFolder(ownFolder());
    }
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.isEmpty();
  }

  private static Path ownFolder() throws IOException {
    return PrivateFolders.inTemporaryFolder(".djl.ai");
  }

  private static void createFolder(Path folder) {
    try {
      PrivateFolders.create(folder);
    } catch (IOException e) {
      LOG.debug("DJL reports that it cannot write to {}", folder, e);
    }
  }

  /** JNA would unpack its library into a folder of a predictable name, too. */
  private static void chooseJnaFolder(Path root) throws IOException {
    Path jna = (Files.isWritable(root) ? root : ownFolder()).resolve("jna");
    PrivateFolders.create(jna);
    checkAccess(jna);
    EngineProperties.presetJnaFolder(jna);
  }

  private static void checkAccess(Path path) throws IOException {
    if (!Files.exists(path) || EngineProperties.trustsCacheFolder()) {
      return;
    }
    Optional<String> risk = PrivateFolders.risk(path);
    if (risk.isPresent()) {
      throw new InferenceException(
          "the engine's natives are not loaded from "
              + path
              + ", because "
              + risk.get()
              + ", who could exchange them; change that, or set the environment variable"
              + " DJL_CACHE_DIR to a folder of your own");
    }
  }

  /** Lets DJL unpack a version again of which a library does not have its full length. */
  private static void removeDamaged(BundledNatives.Unpacked version, BundledNatives natives)
      throws IOException {
    Optional<String> damage = natives.damage(version);
    if (damage.isEmpty()) {
      return;
    }
    LOG.warn("{}; unpacking the engine's natives again", damage.get());
    try {
      for (Path file : filesIn(version.folder())) {
        Files.delete(file);
      }
      Files.delete(version.folder());
    } catch (IOException e) {
      throw new InferenceException(
          damage.get() + ": it was cut short; delete the folder " + version.folder(), e);
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
