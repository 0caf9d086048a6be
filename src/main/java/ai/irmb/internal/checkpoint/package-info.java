/** A trained model as it lies in a file: weights, structure, class names, strides. */
@NullMarked
package ai.irmb.internal.checkpoint;

import org.jspecify.annotations.NullMarked;
