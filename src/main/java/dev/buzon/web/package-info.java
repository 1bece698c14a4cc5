/** The page, and what it is made of, for people and for Prometheus. It shows, and changes nothing. */
package dev.buzon.web;
