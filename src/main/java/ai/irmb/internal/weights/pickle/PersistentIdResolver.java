package ai.irmb.internal.weights.pickle;

import ai.irmb.internal.weights.pickle.PickleValue.PersistentId;
import org.jspecify.annotations.Nullable;

/** Decides which persistent ids, references to data outside the pickle, a container accepts. */
@FunctionalInterface
public interface PersistentIdResolver {
  /** Accepts none. */
  PersistentIdResolver NONE = id -> null;

  /**
   * {@return the value that replaces this id in the result, or null if the id is not known}
   *
   * @param id the id and its offset
   */
  @Nullable PickleValue resolve(PersistentId id);
}
