/** How good a model is on labelled pictures, by upstream's own rules. */
@org.jspecify.annotations.NullMarked
package ai.irmb.validate;
