package ai.irmb.internal.weights.pickle;

import java.util.Random;

/**
 * The types of values that are compared by content as keys of a dict, each with its own random
 * change to the hash.
 *
 * <p>A {@link java.util.HashMap} finds keys with equal hashes in logarithmic time if they are
 * Comparable and of the same class, in linear time otherwise. A file can choose keys of one type
 * with equal hashes, but cannot know those of another type.
 */
enum KeyHash {
  INTEGER,
  BIG_INTEGER,
  REAL,
  TEXT,
  GLOBAL;

  private final int salt = new Random().nextInt();

  int of(int hash) {
    return hash ^ salt;
  }
}
