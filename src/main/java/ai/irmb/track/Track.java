package ai.irmb.track;

import static java.util.Objects.requireNonNull;

import ai.irmb.Detection;

/**
 * An object in one image that is followed. Immutable.
 *
 * @param id the same in all images that show the object, from 1
 * @param detection what was found in this image, unchanged
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

  /** {@return one line for a person: {@code #3 RBC 0.91 at (12, 40) to (118, 151)}} */
  @Override
  public String toString() {
    return "#" + id + " " + detection;
  }
}
