package ai.irmb.internal.weights.pickle;

import ai.irmb.internal.weights.pickle.PickleValue.External;
import org.jspecify.annotations.Nullable;

/** What a container lets its pickle refer to outside itself. */
@FunctionalInterface
public interface ExternalIds {
  /** Allows none. */
  ExternalIds NONE = external -> null;

  /**
   * {@return what stands for this id in the result, or null if the container knows no such id}
   *
   * @param external the id and where it stands
   */
  @Nullable PickleValue resolve(External external);
}
