-- The highest bizum of each person belongs to a route. What ledgers up to version 5 hold is that of the route bizums: no
-- other one published it.
CREATE TABLE highest_bizum_of_route (
  route TEXT NOT NULL,
  person TEXT NOT NULL,
  cents BIGINT NOT NULL,
  concept TEXT NOT NULL,
  PRIMARY KEY (route, person)
);
INSERT INTO highest_bizum_of_route (route, person, cents, concept)
SELECT 'bizums', person, cents, concept FROM highest_bizum;
DROP TABLE highest_bizum;
ALTER TABLE highest_bizum_of_route RENAME TO highest_bizum;
