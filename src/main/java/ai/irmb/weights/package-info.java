/** Named tensors, whichever file they come from. */
@NullMarked
package ai.irmb.weights;

import org.jspecify.annotations.NullMarked;
