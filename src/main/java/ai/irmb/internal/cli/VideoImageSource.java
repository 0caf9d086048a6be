package ai.irmb.internal.cli;

import ai.irmb.error.IrmbException;
import ai.irmb.image.RgbImage;
import ai.irmb.video.FrameReader;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a video, numbered from 1. Frames of a camera are dropped while the network is busy.
 */
final class VideoImageSource implements ImageSource {
  private final Input video;
  private final FrameReader frames;
  private final boolean isLive;
  private final BlockingDeque<LoadedImage> decoded;
  private final LoadedImage end;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param ahead maximum number of frames decoded in advance, at least 1
   */
  VideoImageSource(Input video, FrameReader frames, boolean isLive, int ahead) {
    this.video = video;
    this.frames = frames;
    this.isLive = isLive;
    this.decoded = new LinkedBlockingDeque<>(ahead);
    this.end = new LoadedImage(video, null, null);
    this.thread = new Thread(this::decode, "irmb-read");
    thread.setDaemon(true);
    thread.start();
  }

  private void decode() {
    try {
      try {
        for (int number = 1; !closed; number++) {
          RgbImage image = frames.next();
          if (image == null) {
            break;
          }
          put(new LoadedImage(video.frame(number), image, null));
        }
      } catch (IrmbException e) {
        decoded.put(new LoadedImage(video, null, e));
      }
      decoded.put(end);
    } catch (InterruptedException e) {
      // Closed: no more frames are needed.
      Thread.currentThread().interrupt();
    }
  }

  private void put(LoadedImage read) throws InterruptedException {
    while (isLive && !decoded.offer(read)) {
      decoded.poll();
    }
    if (!isLive) {
      decoded.put(read);
    }
  }

  @Override
  public @Nullable LoadedImage next() {
    try {
      LoadedImage read = decoded.take();
      if (read.equals(end)) {
        decoded.put(end);
        return null;
      }
      return read;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a video was read", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    frames.close();
  }
}
