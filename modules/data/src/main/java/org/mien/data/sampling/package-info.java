/**
 * Which samples serve which purpose: splits into training and test, and verification pairs made
 * from held-out identities. Everything random comes from a named seed stream.
 */
package org.mien.data.sampling;
