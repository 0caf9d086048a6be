package ai.irmb.internal.engine;

import ai.irmb.internal.platform.PrivateFolders;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder that JavaCPP unpacks the natives of JavaCV into. */
public final class VideoNatives {
  private VideoNatives() {}

  /**
   * Chooses, creates and checks the folder, before JavaCV is loaded. Without a writable home
   * JavaCPP would take a folder of a predictable name in the temporary folder, where anybody may
   * have put one.
   *
   * @throws IOException if another user could exchange the natives
   */
  public static void prepare() throws IOException {
    Path home = Path.of(System.getProperty("user.home"));
    String configured = EngineProperties.videoFolder();
    Path folder;
    if (configured != null) {
      folder = Path.of(configured);
    } else if (Files.isWritable(home)) {
      folder = home.resolve(".javacpp").resolve("cache");
    } else {
      folder = PrivateFolders.inTemporaryFolder(".javacpp").resolve("cache");
      EngineProperties.presetVideoFolder(folder);
    }
    PrivateFolders.create(folder);
    Optional<String> risk =
        EngineProperties.trustsCacheFolder() ? Optional.empty() : PrivateFolders.risk(folder);
    if (risk.isPresent()) {
      throw new FileSystemException(
          folder.toString(),
          null,
          "FFmpeg is not loaded from there, because "
              + risk.get()
              + ", who could exchange it; change that, or set the system property "
              + EngineProperties.VIDEO_FOLDER
              + " to a folder of your own");
    }
  }
}
