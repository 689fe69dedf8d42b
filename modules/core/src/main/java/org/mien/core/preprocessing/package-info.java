/**
 * What a network expects of its input: the contract between images and models. {@code data} fulfils
 * it, {@code model} carries it, and a mismatch is refused.
 */
package org.mien.core.preprocessing;
