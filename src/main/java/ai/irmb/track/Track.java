package ai.irmb.track;

import static java.util.Objects.requireNonNull;

import ai.irmb.Detection;

/**
 * A tracked object in one image. Immutable.
 *
 * @param id the same in every image that shows the object, from 1
 * @param detection its detection in this image, unchanged
 */
public record Track(int id, Detection detection) {
  /**
   * @throws IllegalArgumentException if the id is not positive
   */
  public Track {
    requireNonNull(detection, "detection");
    if (id < 1) {
      throw new IllegalArgumentException("id: expected at least 1, found " + id);
    }
  }

  /** {@return the track as readable text: {@code #3 RBC 0.91 at (12, 40) to (118, 151)}} */
  @Override
  public String toString() {
    return "#" + id + " " + detection;
  }
}
