/**
 * Networks: a model YAML or a pickled model is converted to a module tree, the tree and its weights
 * to blocks, and the forward pass computes the blocks in order.
 */
@NullMarked
package ai.irmb.internal.network;

import org.jspecify.annotations.NullMarked;
