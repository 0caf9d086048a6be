package ai.irmb.internal.weights.pickle;

import ai.irmb.internal.weights.pickle.PickleValue.PersistentId;
import org.jspecify.annotations.Nullable;

/** What a container lets its pickle refer to outside itself. */
@FunctionalInterface
public interface PersistentIdResolver {
  /** Allows none. */
  PersistentIdResolver NONE = external -> null;

  /**
   * {@return what stands for this id in the result, or null if the container knows no such id}
   *
   * @param external the id and where it stands
   */
  @Nullable PickleValue resolve(PersistentId external);
}
