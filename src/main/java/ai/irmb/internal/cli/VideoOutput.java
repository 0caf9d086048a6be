package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.draw.Annotator;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.Directories;
import ai.irmb.internal.file.FileNames;
import ai.irmb.video.FrameWriter;
import ai.irmb.video.Video;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes a video with the detections drawn on it, without sound. */
final class VideoOutput implements Output {
  private final Path target;
  private final double rate;
  private final Annotator annotator;
  private @Nullable FrameWriter writer;

  /**
   * @throws IllegalArgumentException if the input video would be overwritten
   */
  VideoOutput(Path folder, Input video, double rate, Annotator annotator) throws IOException {
    this.target = FileNames.in(folder, video.name() + ".mp4");
    this.rate = rate;
    this.annotator = annotator;
    if (Files.exists(target)
        && Files.exists(video.file())
        && Files.isSameFile(target, video.file())) {
      throw new IllegalArgumentException(
          "--save: " + target + " is the video that is read; choose another folder");
    }
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    if (writer == null) {
      Directories.createParents(target);
      writer = Video.create(target, image.width(), image.height(), rate);
    }
    writer.add(annotator.draw(image, found));
  }

  @Override
  public void finish() throws IOException {
    if (writer != null) {
      writer.finish();
    }
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
