import { routes, type RouteName } from '@action-mesh/contracts/gateway';
import { RequestMapping, RequestMethod } from '@nestjs/common';

/** Binds a method of a controller to a route of the gateway's table, which has its HTTP method and its path. */
export function Serves(name: RouteName): MethodDecorator {
  const { method, path } = routes[name];
  return RequestMapping({ method: RequestMethod[method], path });
}
