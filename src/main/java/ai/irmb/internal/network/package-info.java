/**
 * A whole network: a specification or a pickled model becomes a module tree, the tree and its
 * weights become blocks, and a walk takes values through them.
 */
@NullMarked
package ai.irmb.internal.network;

import org.jspecify.annotations.NullMarked;
