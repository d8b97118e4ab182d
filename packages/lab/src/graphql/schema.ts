import { buildSchema } from 'graphql';

/** The schema of the GraphQL gateways, the same in both regions. */
export const SDL = `
scalar Cursor

interface Node { id: ID! }

type Query {
  me: User!
  user(id: ID!): User
  users(ids: [ID!]!): [User]
  node(id: ID!): Node
  searchUsers(q: String!, after: Cursor): UserPaginatedList!
  tag(tagName: String!): Tag
  class(id: ID!): Class
  viewUserStack: StackResponse
}

type Mutation {
  addClassToStack(input: AddClassToStackInput!): StackResponse
  follow(userId: ID!): User
}

input AddClassToStackInput { classId: ID! }
type StackResponse { classes: [Class!]! }

type User implements Node {
  id: ID!
  username: String!
  location: String
  assets: UserAssets
  followStatus: FollowStatus
  protectedFields: UserProtected!
  tags(after: Cursor): [Tag!]
  followers(after: Cursor): UserPaginatedList
}

type UserAssets { imageUrl: String }
enum FollowStatus { SELF FOLLOWING PENDING NONE }
union UserProtected = UserProtectedFields | UserPrivacyError
type UserProtectedFields { totalWorkoutCounts: Int  age: Int  gender: String  weight: Float  workouts(first: Int, after: Cursor): WorkoutPage! }
type UserPrivacyError { code: String!  message: String! }

type WorkoutPage { edges: [WorkoutEdge!]!  pageInfo: PageInfo! }
type WorkoutEdge { cursor: Cursor!  node: Workout }
type Workout { id: ID!  createdAt: Int  totalWork: Int  stravaId: String }

type UserPaginatedList { edges: [UserEdge!]!  pageInfo: PageInfo! }
type UserEdge { cursor: Cursor!  node: User }
type PageInfo { hasNextPage: Boolean!  endCursor: Cursor }

type Tag { name: String!  followingCount: Int!  users(after: Cursor): UserPaginatedList! }
type Class implements Node { id: ID!  joinToken: String  instructor: Instructor  attendees(after: Cursor): UserPaginatedList! }
type Instructor { id: ID!  name: String!  userId: ID! }
`;

export const makeSchema = (): ReturnType<typeof buildSchema> => buildSchema(SDL);
