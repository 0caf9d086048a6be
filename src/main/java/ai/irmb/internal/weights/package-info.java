/** Named tensors, whichever file they come from. */
@NullMarked
package ai.irmb.internal.weights;

import org.jspecify.annotations.NullMarked;
